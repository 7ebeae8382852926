"""The dbt project as assets and checks, built aside and put in place when every test has passed."""
