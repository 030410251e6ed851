"""Alerts: somebody is told what is the matter, once, and when it is over.

event.py    what is told                                  (pure)
webhook.py  … by a POST of it as JSON
command.py  … by a program
courier.py  the outbox in the ledger, until each has it
"""
