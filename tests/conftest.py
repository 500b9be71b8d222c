"""What every test may use: a store on either database."""

pytest_plugins = ["tests.databases"]
