"""Build hook: fetches the browser assets and compiles the language catalogues, also for editable installs."""
