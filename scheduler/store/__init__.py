"""The ledger in a database: tables, queries, migrations. The only home of SQLAlchemy and Alembic."""
