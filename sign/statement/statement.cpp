// SPDX-License-Identifier: Apache-2.0
#include "sign/statement/statement.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/json/json.hpp"
#include "base/json/slices.hpp"
#include "base/json/writer.hpp"

namespace bulla::sign {

namespace {

constexpr std::string_view kStatementV1 = "https://in-toto.io/Statement/v1";
constexpr std::string_view kStatementV01 = "https://in-toto.io/Statement/v0.1";

Error malformed(std::string text) {
    return Error{ErrorCode::malformed, std::move(text)};
}

Error too_many(std::string_view what, std::size_t limit) {
    return Error{ErrorCode::limit_exceeded,
                 "the statement has more than " + std::to_string(limit) + " " + std::string(what)};
}

/// The text of a member; nothing if it is missing or not a string.
std::optional<std::string> text_slice(const std::vector<json::Slice>& slices,
                                      std::string_view name) {
    const std::string_view slice = json::find_slice(slices, name);
    const auto document = json::Document::parse(slice);
    if (slice.empty() || !document || !document->root().is_string()) {
        return std::nullopt;
    }
    return document->root().string_or("");
}

Result<Subject> decode_subject(json::Value value) {
    if (!value["digest"].is_object() || value["digest"].size() == 0) {
        return malformed("a subject of the statement has no digest");
    }
    if (value["digest"].size() > limits::kSubjectDigests) {
        return too_many("digests on one subject", limits::kSubjectDigests);
    }
    Subject subject;
    subject.name = value["name"].string_or("");
    for (const auto& [algorithm, digest] : value["digest"].members()) {
        if (!digest.is_string()) {
            return malformed("a digest of the statement is not a string");
        }
        subject.digests.push_back({std::string(algorithm), digest.string_or("")});
    }
    for (const auto& [name, annotation] : value["annotations"].members()) {
        if (annotation.is_string()) {
            subject.annotations.emplace(name, annotation.string_or(""));
        }
    }
    return subject;
}

Result<std::vector<Subject>> decode_subjects(std::string_view slice) {
    if (slice.empty()) {
        return malformed("the statement has no subject");
    }
    BULLA_TRY_ASSIGN(const json::Document document,
                     json::Document::parse(slice, {.what = "list of subjects"}));
    const json::Value list = document.root();
    if (!list.is_array() || list.size() == 0) {
        return malformed("the statement has no subject");
    }
    if (list.size() > limits::kSubjects) {
        return too_many("subjects", limits::kSubjects);
    }
    std::vector<Subject> subjects;
    for (const json::Value value : list.elements()) {
        BULLA_TRY_ASSIGN(Subject subject, decode_subject(value));
        subjects.push_back(std::move(subject));
    }
    return subjects;
}

void write_subject(json::Writer& writer, const Subject& subject, EmptyAnnotations empty) {
    writer.begin_object().optional_member("name", subject.name);
    writer.key("digest").begin_object();
    for (const SubjectDigest& digest : subject.digests) {
        writer.member(digest.algorithm, digest.value);
    }
    writer.end_object();
    if (!subject.annotations.empty() || empty == EmptyAnnotations::written) {
        writer.key("annotations").begin_object();
        for (const auto& [name, value] : subject.annotations) {
            writer.member(name, value);
        }
        writer.end_object();
    }
    writer.end_object();
}

} // namespace

Result<Bytes> encode_statement(const Statement& statement, EmptyAnnotations empty) {
    BULLA_TRY(json::validate(statement.predicate,
                             {.max_bytes = limits::kAttachmentBytes, .what = "predicate"}));
    json::Writer writer;
    writer.begin_object().member("_type", kStatementV1).key("subject").begin_array();
    for (const Subject& subject : statement.subjects) {
        write_subject(writer, subject, empty);
    }
    writer.end_array().member("predicateType", statement.predicate_type);
    writer.key("predicate").raw(text::trim(statement.predicate)).end_object();
    return writer.finish();
}

Result<Statement> decode_statement(ByteView json) {
    BULLA_TRY_ASSIGN(
        const auto slices,
        json::slice_object(json,
                           {.max_bytes = limits::kAttachmentBytes, .what = "in-toto statement"}));
    const auto type = text_slice(slices, "_type");
    if (type != kStatementV1 && type != kStatementV01) {
        return malformed("expected an in-toto Statement v1 or v0.1, found the type \"" +
                         text::printable(type.value_or("")) + "\"");
    }
    auto predicate_type = text_slice(slices, "predicateType");
    if (!predicate_type || predicate_type->empty()) {
        return malformed("the statement has no predicateType");
    }
    Statement statement;
    BULLA_TRY_ASSIGN(statement.subjects, decode_subjects(json::find_slice(slices, "subject")));
    statement.predicate_type = std::move(*predicate_type);
    statement.predicate = json::find_slice(slices, "predicate");
    return statement;
}

Statement make_image_signature(const Digest& image, Annotations annotations) {
    Statement statement = make_attestation({}, image, std::string(kImageSignatureType), "{}");
    statement.subjects.front().annotations = std::move(annotations);
    return statement;
}

Statement make_attestation(std::string subject_name,
                           const Digest& artifact,
                           std::string predicate_type,
                           Bytes predicate) {
    Subject subject;
    subject.name = std::move(subject_name);
    subject.digests.push_back({std::string(to_string(artifact.algorithm())), artifact.hex()});
    Statement statement;
    statement.subjects.push_back(std::move(subject));
    statement.predicate_type = std::move(predicate_type);
    statement.predicate = std::move(predicate);
    return statement;
}

} // namespace bulla::sign
