"""The look and the manners of every page: template parts, forms, pager, and the table of routes."""
