"""How the library's database came to its present shape, step by step."""
