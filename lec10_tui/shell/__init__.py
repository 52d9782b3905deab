"""The app's own screens and services: contents, runs, settings, themes, palette, copying, exports, signals."""
