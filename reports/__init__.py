"""Compilations of cases."""
