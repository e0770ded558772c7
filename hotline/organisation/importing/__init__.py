"""From spreadsheets of areas, units, grids and grid workers to a plan of what would change: thinking only."""
