package io.tocsin.phone.internal;

/**
 * A message of an alert to a person at a number.
 *
 * @param over whether the alert has ended
 * @param answered whether the person has answered
 */
record Missed(int tenantId, long alertId, int recipientNo, boolean over, boolean answered) {}
