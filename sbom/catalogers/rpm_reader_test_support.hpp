// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/rpm_bdb.hpp"
#include "sbom/catalogers/rpm_ndb.hpp"
#include "sbom/catalogers/rpm_sqlite.hpp"
#include "sbom/catalogers/rpm_test_support.hpp"
#include "sbom/catalogers/sqlite_test_support.hpp"
#include "sbom/catalogers/test_support.hpp"

/// What the tests of the readers of rpm databases share.
namespace bulla::test {

/// What a reader gives: the names in the headers in their order, and how it ended.
struct Seen {
    Strings names;
    std::string error;
    ErrorCode code = ErrorCode::internal;
};

template <class Read> Seen seen_by(const Read& read) {
    Seen seen;
    const Status status = read([&](ByteView bytes) {
        const auto header = sbom::RpmHeader::parse(bytes);
        seen.names.push_back(header ? std::string(header->text(sbom::RpmTag::name)) : "?");
        return ok();
    });
    if (!status) {
        seen.error = status.error().message;
        seen.code = status.error().code;
    }
    return seen;
}

inline Seen sqlite(ByteView file) {
    return seen_by([&](const sbom::RpmHeaderSink& sink) {
        return sbom::read_rpm_sqlite(sbom::RpmFile(file), nullptr, sink);
    });
}

inline Seen sqlite_with_wal(ByteView file, ByteView wal) {
    const sbom::RpmFile log(wal);
    return seen_by([&](const sbom::RpmHeaderSink& sink) {
        return sbom::read_rpm_sqlite(sbom::RpmFile(file), &log, sink);
    });
}

inline Seen ndb(ByteView file) {
    return seen_by([&](const sbom::RpmHeaderSink& sink) {
        return sbom::read_rpm_ndb(sbom::RpmFile(file), sink);
    });
}

inline Seen bdb(ByteView file) {
    return seen_by([&](const sbom::RpmHeaderSink& sink) {
        return sbom::read_rpm_bdb(sbom::RpmFile(file), sink);
    });
}

inline std::vector<Bytes> three() {
    return {rpm_named("a").build(), long_rpm("b"), rpm_named("c").build()};
}

/// `bytes` with others at a place.
inline Bytes with(Bytes bytes, std::size_t at, const Bytes& others) {
    put(bytes, at, others);
    return bytes;
}

inline bool mentions(const Seen& seen, std::string_view words) {
    return seen.error.find(words) != std::string::npos;
}

inline const Strings kThree{"a", "b", "c"};

} // namespace bulla::test
