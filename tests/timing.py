"""Processor time that compares: of this process, whatever else the machine does."""

import gc
import time


def seconds(work):
    """The least of three, without the collector: in a process with millions of objects a collection costs more than
    what is measured.
    """
    gc.disable()
    try:
        return min(_once(work) for _ in range(3))
    finally:
        gc.enable()


def _once(work):
    started = time.process_time()
    work()
    return time.process_time() - started
