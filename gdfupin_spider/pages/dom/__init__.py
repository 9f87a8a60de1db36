"""A parsed page: its lines, blocks, tables, forms and scripts."""
