"""The article on a page: breadcrumb, title, byline, body."""
