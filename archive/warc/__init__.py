"""WARC/1.1 (ISO 28500:2017): records written so that no crash loses one, and read, ours and others'.

records, fields, secrets                values to records; named lines; what stays out of them    (pure)
draft                                   a record before it has a place
writer, appender, files                 the thread that writes; batches, fsync, roll-over; files as they grow
recover                                 files that a crash left open
reader, members, salvage                many records or one; strictly; past damage
captures                                a file as it lies to captures
"""
