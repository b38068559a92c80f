package io.tocsin.directory.api;

/**
 * A point on the Earth, in WGS 84 (EPSG:4326).
 *
 * @param latitude decimal degrees north of the equator, -90 to 90
 * @param longitude decimal degrees east of Greenwich, -180 to 180
 * @since 1.4
 */
public record Place(double latitude, double longitude) {}
