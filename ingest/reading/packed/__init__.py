"""Outlook's winmail.dat and packed RTF."""
