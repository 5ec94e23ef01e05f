"""One file a page: select, fetch, draw. Parts that pages share have a file of their own."""
