"""Decorators for arguments of methods, and comparison by identity."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any


def is_one_of(x: Any, ys: Iterable[Any]) -> bool:
    """Return whether `x` itself is among `ys`; equal objects do not count."""
    return any(x is y for y in ys)


def insert_arguments(**arguments: Any) -> Callable:
    """Return a decorator that gives a method more keyword arguments, which become attributes.

    Args:
        **arguments: names and their defaults.

    Example:

    >>> class Base:
    ...     @insert_arguments(rate=0.5)
    ...     def __init__(self, name):
    ...         self.name = name
    >>> vars(Base("a", rate=2))
    {'rate': 2, 'name': 'a'}
    """

    def decorate(method: Callable) -> Callable:
        @functools.wraps(method)
        def with_more(self: Any, *args: Any, **kwargs: Any) -> Any:
            for name, default in arguments.items():
                setattr(self, name, kwargs.pop(name, default))
            return method(self, *args, **kwargs)

        return with_more

    return decorate


def delete_arguments(*arguments: str) -> Callable:
    """Return a decorator that removes keyword arguments from a method.

    Args:
        *arguments: their names.

    Example:

    >>> class Base:
    ...     @delete_arguments("name")
    ...     def __init__(self, **kwargs): ...
    >>> Base(name="a")
    Traceback (most recent call last):
    TypeError: Base got an unexpected keyword argument 'name'
    """

    def decorate(method: Callable) -> Callable:
        @functools.wraps(method)
        def with_fewer(self: Any, *args: Any, **kwargs: Any) -> Any:
            for name in arguments:
                if name in kwargs:
                    raise TypeError(
                        f"{type(self).__name__} got an unexpected keyword argument {name!r}"
                    )
            return method(self, *args, **kwargs)

        return with_fewer

    return decorate
