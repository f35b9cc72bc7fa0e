"""The work of each library, which runs in a process of its own.

A side is a function that prepares tasks and returns them by name, as callables that take the index
of the turn. `benchmarks.worker` runs them.
"""
