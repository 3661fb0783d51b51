# The install rules: placed after the first build works.
