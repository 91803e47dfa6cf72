"""Who may take which route: declared by each route, enforced before it runs."""

from .guard import Visitor, add_guard, is_encrypted, visitor
from .roles import Guard, RoutesWithRoles, UndeclaredRoute
from .sign_in import add_sign_in

__all__ = [
    "Guard",
    "RoutesWithRoles",
    "UndeclaredRoute",
    "Visitor",
    "add_guard",
    "add_sign_in",
    "is_encrypted",
    "visitor",
]
