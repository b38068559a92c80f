package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.AlertDocuments;
import io.tocsin.routing.api.SpokenCalls;

/** What messages say and show beside their words. */
record Media(SpokenCalls calls, AlertDocuments documents) {}
