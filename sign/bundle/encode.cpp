// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/json/writer.hpp"
#include "sign/bundle/bundle.hpp"

namespace bulla::sign {

namespace {

std::string_view protobuf_name(HashAlgorithm algorithm) {
    switch (algorithm) {
    case HashAlgorithm::sha256:
        return "SHA2_256";
    case HashAlgorithm::sha384:
        return "SHA2_384";
    case HashAlgorithm::sha512:
        return "SHA2_512";
    }
    return "";
}

void base64_member(json::Writer& writer, std::string_view name, ByteView bytes) {
    writer.member(name, text::to_base64(bytes));
}

/// protobuf's JSON form writes 64-bit numbers as text.
void number_member(json::Writer& writer, std::string_view name, std::int64_t value) {
    writer.member(name, std::to_string(value));
}

void write_proof(json::Writer& writer, const InclusionProof& proof) {
    writer.key("inclusionProof").begin_object();
    number_member(writer, "logIndex", proof.log_index);
    base64_member(writer, "rootHash", proof.root_hash);
    number_member(writer, "treeSize", proof.tree_size);
    writer.key("hashes").begin_array();
    for (const Bytes& hash : proof.hashes) {
        writer.string(text::to_base64(hash));
    }
    writer.end_array().key("checkpoint").begin_object();
    writer.member("envelope", proof.checkpoint).end_object().end_object();
}

void write_entry(json::Writer& writer, const LogEntry& entry) {
    writer.begin_object();
    number_member(writer, "logIndex", entry.log_index);
    writer.key("logId").begin_object();
    base64_member(writer, "keyId", entry.log_id);
    writer.end_object().key("kindVersion").begin_object();
    writer.member("kind", entry.kind).member("version", entry.version).end_object();
    if (entry.integrated_time != 0) {
        number_member(writer, "integratedTime", entry.integrated_time);
    }
    if (!entry.inclusion_promise.empty()) {
        writer.key("inclusionPromise").begin_object();
        base64_member(writer, "signedEntryTimestamp", entry.inclusion_promise);
        writer.end_object();
    }
    if (entry.inclusion_proof) {
        write_proof(writer, *entry.inclusion_proof);
    }
    base64_member(writer, "canonicalizedBody", entry.body);
    writer.end_object();
}

void write_signer(json::Writer& writer, const Bundle& bundle) {
    if (const auto* key = std::get_if<KeyHint>(&bundle.material)) {
        writer.key("publicKey").begin_object().optional_member("hint", key->hint).end_object();
        return;
    }
    const auto& chain = std::get<CertificateChain>(bundle.material).certificates;
    writer.key("certificate").begin_object();
    base64_member(writer, "rawBytes", chain.empty() ? ByteView() : ByteView(chain.front()));
    writer.end_object();
}

void write_material(json::Writer& writer, const Bundle& bundle) {
    writer.key("verificationMaterial").begin_object();
    write_signer(writer, bundle);
    if (!bundle.log_entries.empty()) {
        writer.key("tlogEntries").begin_array();
        for (const LogEntry& entry : bundle.log_entries) {
            write_entry(writer, entry);
        }
        writer.end_array();
    }
    if (!bundle.timestamps.empty()) {
        writer.key("timestampVerificationData").begin_object();
        writer.key("rfc3161Timestamps").begin_array();
        for (const Bytes& timestamp : bundle.timestamps) {
            writer.begin_object();
            base64_member(writer, "signedTimestamp", timestamp);
            writer.end_object();
        }
        writer.end_array().end_object();
    }
    writer.end_object();
}

void write_message_signature(json::Writer& writer, const MessageSignature& signature) {
    writer.key("messageSignature").begin_object();
    if (signature.digest) {
        writer.key("messageDigest").begin_object();
        writer.member("algorithm", protobuf_name(signature.digest->algorithm()));
        base64_member(writer, "digest", text::from_hex(signature.digest->hex()).value_or(""));
        writer.end_object();
    }
    base64_member(writer, "signature", signature.signature);
    writer.end_object();
}

} // namespace

Bytes encode_bundle(const Bundle& bundle) {
    json::Writer writer;
    writer.begin_object().member("mediaType", kBundleMediaType);
    write_material(writer, bundle);
    if (const auto* envelope = std::get_if<Envelope>(&bundle.content)) {
        writer.key("dsseEnvelope").raw(encode_envelope(*envelope));
    } else {
        write_message_signature(writer, std::get<MessageSignature>(bundle.content));
    }
    writer.end_object();
    return writer.finish();
}

} // namespace bulla::sign
