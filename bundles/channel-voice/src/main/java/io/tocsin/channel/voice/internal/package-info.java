/** Voice calls by Asterisk. */
package io.tocsin.channel.voice.internal;
