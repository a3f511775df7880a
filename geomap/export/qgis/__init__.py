"""What QGIS needs to show our files as the page does: styles, projects and layer definitions."""
