package io.tocsin.platform.asterisk.internal;

import java.time.Duration;

/**
 * How a switch is connected to.
 *
 * @param connect to connect
 * @param firstWait before the second attempt; doubled with each that fails
 * @param longestWait bound of that
 * @param cure what to look at when nobody listens there, for people
 */
public record Reach(String host, int port, Duration connect, Duration firstWait, Duration longestWait, String cure) {}
