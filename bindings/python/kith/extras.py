"""What verbs take beside their things is known to type checkers only: extras.pyi."""
