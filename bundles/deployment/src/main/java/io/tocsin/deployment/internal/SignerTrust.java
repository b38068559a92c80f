package io.tocsin.deployment.internal;

import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a signer is trusted: its certificate is one of the trusted, or chains (RFC 5280) to one of them that may vouch for others.
 * Valid when it was signed, if a trusted authority says when (RFC 3161), else now. Nobody is asked about revocation: take a
 * certificate out of the folder to distrust it.
 */
final class SignerTrust {
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    private static final String ANY_USE = "2.5.29.37.0";

    private final Set<X509Certificate> trusted;
    private final Instant now;

    SignerTrust(Set<X509Certificate> trusted, Instant now) {
        this.trusted = trusted;
        this.now = now;
    }

    /** Why a signer is not trusted; empty when it is. */
    Optional<String> problem(CodeSigner signer) {
        return problem(signer.getSignerCertPath(), signedAt(signer), CODE_SIGNING);
    }

    private Instant signedAt(CodeSigner signer) {
        if (signer.getTimestamp() == null) {
            return now;
        }
        Instant said = signer.getTimestamp().getTimestamp().toInstant();
        return problem(signer.getTimestamp().getSignerCertPath(), said, TIME_STAMPING)
                        .isEmpty()
                ? said
                : now;
    }

    private Optional<String> problem(CertPath path, Instant at, String use) {
        List<X509Certificate> chain = new ArrayList<>();
        path.getCertificates().forEach(each -> chain.add((X509Certificate) each));
        String name = "signer " + chain.get(0).getSubjectX500Principal().getName();
        Optional<String> expired = expired(chain.get(0), at);
        if (expired.isPresent()) {
            return expired.map(when -> name + when);
        }
        if (!maySign(chain.get(0), use)) {
            return Optional.of(name + " may not sign code with that certificate (extended key usage)");
        }
        if (trusted.contains(chain.get(0))) {
            return Optional.empty();
        }
        try {
            X509Certificate anchor = anchor(chain, at);
            return expired(anchor, at)
                    .map(when -> name + " is vouched for by "
                            + anchor.getSubjectX500Principal().getName() + ", which" + when);
        } catch (CertPathValidatorException untrusted) {
            return Optional.of(name + " is not trusted");
        } catch (GeneralSecurityException unusable) {
            return Optional.of(name + " is not trusted: " + unusable.getMessage());
        }
    }

    /** The trusted certificate that a chain ends at. Only one that may vouch for others ends a chain: a signer's own does not. */
    private X509Certificate anchor(List<X509Certificate> chain, Instant at) throws GeneralSecurityException {
        Set<TrustAnchor> anchors = trusted.stream()
                .filter(each -> each.getBasicConstraints() >= 0)
                .map(each -> new TrustAnchor(each, null))
                .collect(Collectors.toSet());
        if (anchors.isEmpty()) {
            throw new CertPathValidatorException("no certificate is trusted to vouch for others");
        }
        PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        List<X509Certificate> below =
                chain.stream().takeWhile(each -> !trusted.contains(each)).toList();
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(below);
        return ((PKIXCertPathValidatorResult)
                        CertPathValidator.getInstance("PKIX").validate(path, parameters))
                .getTrustAnchor()
                .getTrustedCert();
    }

    private static Optional<String> expired(X509Certificate certificate, Instant at) {
        if (at.isAfter(certificate.getNotAfter().toInstant())) {
            return Optional.of(" expired on " + certificate.getNotAfter().toInstant());
        }
        if (at.isBefore(certificate.getNotBefore().toInstant())) {
            return Optional.of(
                    " is not valid before " + certificate.getNotBefore().toInstant());
        }
        return Optional.empty();
    }

    private static boolean maySign(X509Certificate certificate, String use) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            return uses == null || uses.contains(use) || uses.contains(ANY_USE);
        } catch (CertificateParsingException unreadable) {
            return false;
        }
    }
}
