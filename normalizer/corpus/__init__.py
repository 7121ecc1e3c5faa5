"""Data sets of any size: streamed in, restored by many workers, written part by part, resumable.

A *source* is one input file (or one tree of text files). A *format* reads it as *batches* of raw records, which workers
decode, restore and encode again; the parent process writes the results in order as *parts*, each with a line in the
run's *manifest*. When a source is finished its parts become the output file in one step.
"""
