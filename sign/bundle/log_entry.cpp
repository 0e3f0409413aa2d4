// SPDX-License-Identifier: Apache-2.0
#include "sign/bundle/log_entry.hpp"

#include "base/core/limits.hpp"
#include "sign/bundle/proto_json.hpp"

#include <algorithm>

namespace bulla::sign {

namespace {

Error malformed(std::string text) {
    return Error{ErrorCode::malformed, "a log entry of the bundle " + std::move(text)};
}

Result<InclusionProof> decode_proof(json::Value value) {
    BULLA_TRY_ASSIGN(
        const ProtoMessage message,
        ProtoMessage::read(
            value, {"logIndex", "rootHash", "treeSize", "hashes", "checkpoint"}, "inclusionProof"));
    BULLA_TRY_ASSIGN(const ProtoMessage checkpoint,
                     ProtoMessage::read(message["checkpoint"], {"envelope"}, "checkpoint"));
    BULLA_TRY_ASSIGN(const auto hashes, message.list("hashes", limits::kProofHashes));
    InclusionProof proof;
    BULLA_TRY_ASSIGN(proof.log_index, message.number("logIndex"));
    BULLA_TRY_ASSIGN(proof.tree_size, message.number("treeSize"));
    BULLA_TRY_ASSIGN(proof.root_hash, message.bytes("rootHash"));
    BULLA_TRY_ASSIGN(proof.checkpoint, checkpoint.text("envelope"));
    for (const json::Value element : hashes) {
        BULLA_TRY_ASSIGN(Bytes hash, proto_bytes(element, "hashes"));
        proof.hashes.push_back(std::move(hash));
    }
    return proof;
}

Status check_body(const LogEntry& entry) {
    const auto body = json::Document::parse(
        entry.body, {.max_bytes = limits::kAttachmentBytes, .what = "body of a log entry"});
    if (!body) {
        return malformed("has a canonicalizedBody that is not JSON");
    }
    if (entry.kind.empty() || body->root()["kind"].string() != entry.kind ||
        body->root()["apiVersion"].string() != entry.version) {
        return malformed("has a body of another kind than its kindVersion says");
    }
    return ok();
}

Status check_evidence(const LogEntry& entry, BundleVersion version) {
    if (version == BundleVersion::v0_1) {
        return entry.inclusion_promise.empty() ? Status(malformed("has no inclusionPromise"))
                                               : ok();
    }
    if (!entry.inclusion_proof || entry.inclusion_proof->checkpoint.empty()) {
        return malformed("has no inclusionProof with a checkpoint");
    }
    return ok();
}

Status decode_parts(const ProtoMessage& message, LogEntry& entry) {
    BULLA_TRY_ASSIGN(const ProtoMessage log,
                     ProtoMessage::read(message["logId"], {"keyId"}, "logId"));
    BULLA_TRY_ASSIGN(
        const ProtoMessage kind,
        ProtoMessage::read(message["kindVersion"], {"kind", "version"}, "kindVersion"));
    BULLA_TRY_ASSIGN(const ProtoMessage promise,
                     ProtoMessage::read(message["inclusionPromise"],
                                        {"signedEntryTimestamp"},
                                        "inclusionPromise"));
    BULLA_TRY_ASSIGN(entry.log_id, log.bytes("keyId"));
    BULLA_TRY_ASSIGN(entry.kind, kind.text("kind"));
    BULLA_TRY_ASSIGN(entry.version, kind.text("version"));
    BULLA_TRY_ASSIGN(entry.inclusion_promise, promise.bytes("signedEntryTimestamp"));
    if (message.has("inclusionProof")) {
        BULLA_TRY_ASSIGN(entry.inclusion_proof, decode_proof(message["inclusionProof"]));
    }
    return ok();
}

Result<LogEntry> decode_entry(json::Value value, BundleVersion version) {
    BULLA_TRY_ASSIGN(const ProtoMessage message,
                     ProtoMessage::read(value,
                                        {"logIndex",
                                         "logId",
                                         "kindVersion",
                                         "integratedTime",
                                         "inclusionPromise",
                                         "inclusionProof",
                                         "canonicalizedBody"},
                                        "log entry"));
    LogEntry entry;
    BULLA_TRY_ASSIGN(entry.log_index, message.number("logIndex"));
    BULLA_TRY_ASSIGN(entry.integrated_time, message.number("integratedTime"));
    BULLA_TRY_ASSIGN(entry.body, message.bytes("canonicalizedBody"));
    BULLA_TRY(decode_parts(message, entry));
    if (entry.log_id.empty()) {
        return malformed("names no log");
    }
    BULLA_TRY(check_body(entry));
    BULLA_TRY(check_evidence(entry, version));
    return entry;
}

} // namespace

Result<std::vector<LogEntry>> decode_log_entries(const std::vector<json::Value>& values,
                                                 BundleVersion version) {
    std::vector<LogEntry> entries;
    for (const json::Value value : values) {
        BULLA_TRY_ASSIGN(LogEntry entry, decode_entry(value, version));
        const auto same = [&](const LogEntry& other) {
            return other.log_id == entry.log_id && other.log_index == entry.log_index;
        };
        // One entry given twice must not count as two logs (CVE-2024-45395 and its kin).
        if (std::ranges::any_of(entries, same)) {
            return malformed("comes twice");
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace bulla::sign
