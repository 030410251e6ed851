"""Whole crawls killed, starved of disk and led astray by the clock: nothing that was promised is lost (docs/safety.md).

A short form of each is in the suite; the long proofs are marked ``soak``. Both read these environment variables:

    SOAK_SEED    which random instants (default 1)
    SOAK_SECONDS how long the daemon runs (default 600)
    SOAK_KILLS   how many kills of the long form (default 200)
    SOAK_DIR     where its progress is kept, to go on from after an interruption (default build/soak)
"""
