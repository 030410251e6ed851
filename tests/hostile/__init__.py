"""Sites that are up to no good, by name, and what a crawl makes of each.

case     what a case is: the site's behaviour, and the record, label and report line that are expected of it
site     pages and answers that the sites are made of
sites    the cases themselves: traps, floods, redirects, bombs, wires, stalls, markup, walls
child    the process that crawls: host names that lead to loopback, and how long anything held the event loop
rig      one crawl over all of them, with healthy newsrooms among them
"""
