"""How the embedded PostgreSQL is configured, and how tests make it hastier."""

# Statements and values stay out of the server's log: they may hold what no log may hold.
CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "synchronous_commit": "on",
    "jit": "off",
    "max_wal_size": "1GB",
    "password_encryption": "scram-sha-256",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgres-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
}
# For tests only: a crash of the machine may lose everything.
HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "128MB"}
