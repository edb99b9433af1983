"""The rooms of Mainstay; pyproject.toml holds their order, docs/architecture.md explains it."""
