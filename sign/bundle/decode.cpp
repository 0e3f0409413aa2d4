// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/json/json.hpp"
#include "sign/bundle/bundle.hpp"
#include "sign/bundle/log_entry.hpp"
#include "sign/bundle/proto_json.hpp"

#include <array>

namespace bulla::sign {

namespace {

using Material = std::variant<KeyHint, CertificateChain>;

Error malformed(std::string text) {
    return Error{ErrorCode::malformed, std::move(text)};
}

Result<BundleVersion> parse_media_type(const std::string& media_type) {
    constexpr std::string_view kOldPrefix = "application/vnd.dev.sigstore.bundle+json;version=";
    const std::string_view text = media_type;
    if (text == kBundleMediaType || text == std::string(kOldPrefix) + "0.3") {
        return BundleVersion::v0_3;
    }
    if (text == std::string(kOldPrefix) + "0.2") {
        return BundleVersion::v0_2;
    }
    if (text == std::string(kOldPrefix) + "0.1") {
        return BundleVersion::v0_1;
    }
    return Error{ErrorCode::unsupported,
                 "expected a Sigstore bundle of version 0.1, 0.2 or 0.3, found the media type \"" +
                     text::printable(media_type) + "\""};
}

Result<Bytes> decode_certificate(json::Value value) {
    BULLA_TRY_ASSIGN(const ProtoMessage message,
                     ProtoMessage::read(value, {"rawBytes"}, "certificate"));
    BULLA_TRY_ASSIGN(Bytes der, message.bytes("rawBytes"));
    if (der.empty() || der.size() > limits::kKeyFileBytes) {
        return malformed("a certificate of the bundle is empty or too large");
    }
    return der;
}

Result<Material> decode_chain(json::Value value, BundleVersion version) {
    if (version == BundleVersion::v0_3) {
        return malformed("the bundle has x509CertificateChain, which version 0.3 does not allow");
    }
    BULLA_TRY_ASSIGN(const ProtoMessage message,
                     ProtoMessage::read(value, {"certificates"}, "x509CertificateChain"));
    BULLA_TRY_ASSIGN(const auto list, message.list("certificates", limits::kChainCertificates));
    if (list.empty()) {
        return malformed("the certificate chain of the bundle is empty");
    }
    CertificateChain chain;
    for (const json::Value element : list) {
        BULLA_TRY_ASSIGN(Bytes der, decode_certificate(element));
        chain.certificates.push_back(std::move(der));
    }
    return Material(std::move(chain));
}

Result<Material> decode_signer(const ProtoMessage& material, BundleVersion version) {
    const int members = int{material.has("publicKey")} + int{material.has("certificate")} +
                        int{material.has("x509CertificateChain")};
    if (members != 1) {
        return malformed("expected one of publicKey, certificate and x509CertificateChain in the "
                         "bundle, found " +
                         std::to_string(members));
    }
    if (material.has("publicKey")) {
        BULLA_TRY_ASSIGN(const ProtoMessage key,
                         ProtoMessage::read(material["publicKey"], {"hint"}, "publicKey"));
        BULLA_TRY_ASSIGN(std::string hint, key.text("hint"));
        return Material(KeyHint{std::move(hint)});
    }
    if (material.has("certificate")) {
        BULLA_TRY_ASSIGN(Bytes der, decode_certificate(material["certificate"]));
        CertificateChain chain;
        chain.certificates.push_back(std::move(der));
        return Material(std::move(chain));
    }
    return decode_chain(material["x509CertificateChain"], version);
}

Result<std::vector<Bytes>> decode_timestamps(json::Value value) {
    BULLA_TRY_ASSIGN(const ProtoMessage message,
                     ProtoMessage::read(value, {"rfc3161Timestamps"}, "timestampVerificationData"));
    BULLA_TRY_ASSIGN(const auto list, message.list("rfc3161Timestamps", limits::kTimestamps));
    std::vector<Bytes> timestamps;
    for (const json::Value element : list) {
        BULLA_TRY_ASSIGN(const ProtoMessage timestamp,
                         ProtoMessage::read(element, {"signedTimestamp"}, "timestamp"));
        BULLA_TRY_ASSIGN(Bytes der, timestamp.bytes("signedTimestamp"));
        if (der.empty()) {
            return malformed("a timestamp of the bundle is empty");
        }
        timestamps.push_back(std::move(der));
    }
    return timestamps;
}

Status decode_material(json::Value value, BundleVersion version, Bundle& bundle) {
    BULLA_TRY_ASSIGN(const ProtoMessage material,
                     ProtoMessage::read(value,
                                        {"publicKey",
                                         "certificate",
                                         "x509CertificateChain",
                                         "tlogEntries",
                                         "timestampVerificationData"},
                                        "verificationMaterial"));
    BULLA_TRY_ASSIGN(bundle.material, decode_signer(material, version));
    BULLA_TRY_ASSIGN(const auto entries, material.list("tlogEntries", limits::kLogEntries));
    BULLA_TRY_ASSIGN(bundle.timestamps, decode_timestamps(material["timestampVerificationData"]));
    BULLA_TRY_ASSIGN(bundle.log_entries, decode_log_entries(entries, version));
    return ok();
}

Result<std::optional<HashAlgorithm>> decode_hash_algorithm(const ProtoMessage& digest) {
    struct Name {
        std::string_view name;
        std::int64_t number;
        HashAlgorithm algorithm;
    };

    constexpr std::array kNames{
        Name{"SHA2_256", 1, HashAlgorithm::sha256},
        Name{"SHA2_384", 2, HashAlgorithm::sha384},
        Name{"SHA2_512", 3, HashAlgorithm::sha512},
    };
    const json::Value value = digest["algorithm"];
    if (!value || value.string() == "HASH_ALGORITHM_UNSPECIFIED" || value.integer() == 0) {
        return std::optional<HashAlgorithm>();
    }
    for (const Name& known : kNames) {
        if (value.string() == known.name || value.integer() == known.number) {
            return std::optional(known.algorithm);
        }
    }
    return Error{
        ErrorCode::unsupported,
        "expected SHA2_256, SHA2_384 or SHA2_512 as the algorithm of the message digest in "
        "the bundle, found another"};
}

Result<std::optional<Digest>> decode_digest(json::Value value) {
    BULLA_TRY_ASSIGN(const ProtoMessage message,
                     ProtoMessage::read(value, {"algorithm", "digest"}, "messageDigest"));
    BULLA_TRY_ASSIGN(const auto algorithm, decode_hash_algorithm(message));
    BULLA_TRY_ASSIGN(const Bytes digest, message.bytes("digest"));
    if (!algorithm && digest.empty()) {
        return std::optional<Digest>();
    }
    if (!algorithm || digest.size() != hash_size(*algorithm)) {
        return malformed("the message digest of the bundle does not have the length of its "
                         "algorithm");
    }
    return std::optional(Digest::from_raw(*algorithm, digest));
}

Result<MessageSignature> decode_message_signature(json::Value value) {
    BULLA_TRY_ASSIGN(const ProtoMessage message,
                     ProtoMessage::read(value, {"messageDigest", "signature"}, "messageSignature"));
    MessageSignature content;
    BULLA_TRY_ASSIGN(content.digest, decode_digest(message["messageDigest"]));
    BULLA_TRY_ASSIGN(content.signature, message.bytes("signature"));
    if (content.signature.empty()) {
        return malformed("the bundle has an empty signature");
    }
    return content;
}

Result<Envelope> decode_dsse(json::Value value) {
    BULLA_TRY_ASSIGN(
        const ProtoMessage message,
        ProtoMessage::read(value, {"payload", "payloadType", "signatures"}, "dsseEnvelope"));
    BULLA_TRY_ASSIGN(const auto signatures, message.list("signatures", 1));
    if (signatures.size() != 1) {
        return malformed("the DSSE envelope of the bundle has no signature");
    }
    BULLA_TRY_ASSIGN(const ProtoMessage signature,
                     ProtoMessage::read(signatures.front(), {"sig", "keyid"}, "DSSE signature"));
    Envelope envelope;
    BULLA_TRY_ASSIGN(envelope.payload_type, message.text("payloadType"));
    BULLA_TRY_ASSIGN(envelope.payload, message.bytes("payload"));
    BULLA_TRY_ASSIGN(envelope.signature, signature.bytes("sig"));
    BULLA_TRY_ASSIGN(envelope.key_id, signature.text("keyid"));
    if (envelope.signature.empty()) {
        return malformed("the bundle has an empty signature");
    }
    return envelope;
}

Status decode_content(const ProtoMessage& root, Bundle& bundle) {
    if (root.has("messageSignature") == root.has("dsseEnvelope")) {
        return malformed("expected one of messageSignature and dsseEnvelope in the bundle");
    }
    if (root.has("dsseEnvelope")) {
        BULLA_TRY_ASSIGN(bundle.content, decode_dsse(root["dsseEnvelope"]));
    } else {
        BULLA_TRY_ASSIGN(bundle.content, decode_message_signature(root["messageSignature"]));
    }
    return ok();
}

} // namespace

Result<Bundle> decode_bundle(ByteView json) {
    BULLA_TRY_ASSIGN(const json::Document document,
                     json::Document::parse(
                         json, {.max_bytes = limits::kAttachmentBytes, .what = "Sigstore bundle"}));
    if (!document.root().is_object()) {
        return malformed("expected a JSON object as the Sigstore bundle");
    }
    BULLA_TRY_ASSIGN(const ProtoMessage root,
                     ProtoMessage::read(
                         document.root(),
                         {"mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope"},
                         "top level"));
    BULLA_TRY_ASSIGN(const std::string media_type, root.text("mediaType"));
    BULLA_TRY_ASSIGN(const BundleVersion version, parse_media_type(media_type));
    Bundle bundle;
    BULLA_TRY(decode_material(root["verificationMaterial"], version, bundle));
    BULLA_TRY(decode_content(root, bundle));
    return bundle;
}

} // namespace bulla::sign
