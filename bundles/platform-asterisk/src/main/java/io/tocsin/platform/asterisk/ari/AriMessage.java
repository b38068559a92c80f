package io.tocsin.platform.asterisk.ari;

/** What a switch sends: answers to requests, and events. */
sealed interface AriMessage permits AriMessage.Response, AriMessage.Event {

    /**
     * @param transaction as it was sent with the request; empty when the switch could not read it
     * @param status HTTP status
     * @param reason for people, as the switch wrote it
     * @param body JSON, or empty
     */
    record Response(String transaction, int status, String reason, String body) implements AriMessage {
        boolean succeeded() {
            return status >= 200 && status < 300;
        }

        @Override
        public String toString() {
            return "Response[" + status + "]";
        }
    }

    record Event(AriEvent event) implements AriMessage {}
}
