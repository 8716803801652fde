"""Handing files in and out. Rules of who may open what stand in :mod:`panro.files.access`."""
