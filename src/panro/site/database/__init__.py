"""Django's PostgreSQL backend, with the embedded server filled in where no server is named."""
