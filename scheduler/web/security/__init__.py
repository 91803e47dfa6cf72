"""Who may take which route: declared by each route, enforced before it runs."""
