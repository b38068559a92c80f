package io.tocsin.phone.internal;

import io.tocsin.channel.api.Dialogue.Heard;

/**
 * Where a conversation is: what is heard decides what is said next. May block (database, speech); called by one thread at a time,
 * once.
 */
@FunctionalInterface
interface Talk {

    Reply next(Heard heard);
}
