package io.tocsin.deployment.internal;

/** Why a bundle is kept out, and what to do about it. */
record Refusal(String reason, String cure) {}
