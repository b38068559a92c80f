package io.tocsin.deployment.api;

/** A deployment that was refused or did not come off: why, and what to do. */
public final class DeploymentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String cure;

    public DeploymentException(String reason, String cure) {
        super(reason + ": " + cure);
        this.reason = reason;
        this.cure = cure;
    }

    public String reason() {
        return reason;
    }

    public String cure() {
        return cure;
    }
}
