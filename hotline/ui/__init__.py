"""What desk and doors share: tokens, components, base templates, icons, the faces' clock, one way to show a refusal."""
