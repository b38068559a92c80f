package io.tocsin.rest.internal;

import io.tocsin.tenants.api.Role;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Whom a resource method lets in. A method without it lets nobody in. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Allow {
    /** Any one of these roles suffices. Empty: anybody who signed in. */
    Role[] value() default {};

    /** Only somebody who signed in, no machine with a key: for what would outlive the revocation of a stolen one. */
    boolean people() default false;

    /** Nobody needs to sign in: for signing in itself and the description of the API. */
    boolean anonymous() default false;
}
