/** Fax by Asterisk. */
package io.tocsin.channel.fax.internal;
