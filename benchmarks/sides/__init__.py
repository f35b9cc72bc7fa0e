"""What each library does in a process of its own.

A side is a function that prepares its work and returns it by name: callables that take the number
of the turn. `benchmarks.worker` runs them.
"""
