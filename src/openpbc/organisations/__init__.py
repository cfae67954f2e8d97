"""Who is who: organisations and their membership on two clocks, people and the roles that they hold."""
