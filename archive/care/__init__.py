"""Care for a collection: is it what it says, what can be set right, what comes in, goes elsewhere or is removed.

verify      verify, workers, audit: every file read whole, on several cores; some in the background
            warcfile, members, stream: a file, its gzip members, the bytes of its records
            header, tables, rules, blocks, stated, vicinity: a record by clauses of WARC/1.1 and rules of ours
            facts, links, indexes, lines, catalogue, inventory, elsewhere: files, lines and rows beside each other
            defects: what can be found
repair      repair, remedies, mending, whole: what verify found, set right in copies
rebuild     rebuild, derived, indexing, listing: index, catalogue and list of files anew
import      imports, foreign, packaged: archives of other makers
ship        ship, proof, retention, back: closed files to a store, proven there, let go of here, brought back
takedown    takedown, holdings, removal, rewrite, carry, erase, redact: removed for good, with all that was derived
"""
