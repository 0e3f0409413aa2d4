// SPDX-License-Identifier: Apache-2.0
#include "base/archive/tar_pax.hpp"

#include "base/core/text.hpp"

#include <limits>

namespace bulla::archive {

namespace {

struct Record {
    std::string_view key;
    std::string_view value;
};

Error bad_pax(std::string_view why) {
    return Error{ErrorCode::malformed, "a pax extended header is not valid: " + std::string(why)};
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    const auto number = text::parse_unsigned(text);
    const bool fits =
        number && *number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return fits ? number : std::nullopt;
}

Result<Record> take_record(ByteView& rest) {
    const auto blank = rest.find(' ');
    if (blank == ByteView::npos) {
        return bad_pax("a record has no length");
    }
    const auto length = text::parse_unsigned(rest.substr(0, blank));
    if (!length || *length > rest.size() || *length < blank + 3 || rest[*length - 1] != '\n') {
        return bad_pax("a record's length is wrong");
    }
    const auto record = rest.substr(blank + 1, *length - blank - 2);
    rest.remove_prefix(*length);
    const auto equals = record.find('=');
    if (equals == 0 || equals == ByteView::npos) {
        return bad_pax("a record has no keyword");
    }
    return Record{record.substr(0, equals), record.substr(equals + 1)};
}

bool is_text_keyword(std::string_view key) {
    return key == "path" || key == "linkpath" || key == "uname" || key == "gname";
}

/// Version 0.0 of the sparse format repeats a pair of keywords, in this order, for each run.
class SparsePairs {
  public:
    bool add(const Record& record) {
        const bool offset = record.key == "GNU.sparse.offset";
        if (offset == pending_ || record.value.find(',') != std::string_view::npos) {
            return false;
        }
        pending_ = offset;
        list_ += list_.empty() ? "" : ",";
        list_ += record.value;
        return true;
    }

    void store(PaxRecords& into) const {
        if (!list_.empty()) {
            into.sparse_map = list_;
        }
    }

  private:
    std::string list_;
    bool pending_ = false;
};

Status apply_sparse(const Record& record, PaxRecords& into) {
    const std::string value(record.value);
    if (record.key == "GNU.sparse.major") {
        into.sparse_major = value;
    } else if (record.key == "GNU.sparse.minor") {
        into.sparse_minor = value;
    } else if (record.key == "GNU.sparse.name") {
        into.sparse_name = value;
    } else if (record.key == "GNU.sparse.map") {
        into.sparse_map = value;
    } else if (record.key == "GNU.sparse.size" || record.key == "GNU.sparse.realsize") {
        const auto size = parse_size(record.value);
        if (!size || (into.sparse_size && *into.sparse_size != *size)) {
            return bad_pax("the size of a sparse file is not one number");
        }
        into.sparse_size = size;
    }
    return ok();
}

Status apply(const Record& record, PaxRecords& into) {
    const auto text = is_text_keyword(record.key) ? record.value : record.key;
    if (text.find('\0') != std::string_view::npos) {
        return bad_pax("a keyword or a name contains a NUL byte");
    }
    if (record.key == "path") {
        into.path = record.value.empty() ? std::nullopt : std::optional(std::string(record.value));
    } else if (record.key == "linkpath") {
        into.link = record.value.empty() ? std::nullopt : std::optional(std::string(record.value));
    } else if (record.key == "size" && !record.value.empty()) {
        into.size = parse_size(record.value);
        if (!into.size) {
            return bad_pax("a size is not a number");
        }
    } else if (record.key.starts_with("GNU.sparse.")) {
        return apply_sparse(record, into);
    }
    return ok();
}

} // namespace

Result<PaxRecords> parse_pax(ByteView records) {
    PaxRecords result;
    SparsePairs pairs;
    while (!records.empty()) {
        BULLA_TRY_ASSIGN(const Record record, take_record(records));
        if (record.key == "GNU.sparse.offset" || record.key == "GNU.sparse.numbytes") {
            if (!pairs.add(record)) {
                return bad_pax("the runs of a sparse file are not in pairs");
            }
            continue;
        }
        BULLA_TRY(apply(record, result));
    }
    pairs.store(result);
    return result;
}

bool parse_sparse_list(std::string_view text, char separator, std::vector<SparseRun>& runs) {
    if (text.empty()) {
        return true;
    }
    while (!text.empty()) {
        const auto offset = parse_size(text::take_until(text, separator));
        const auto length = parse_size(text::take_until(text, separator));
        if (!offset || !length) {
            return false;
        }
        runs.push_back({*offset, *length});
    }
    return true;
}

} // namespace bulla::archive
