// SPDX-License-Identifier: Apache-2.0
#include "oci/store/credential_edit.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/json/slices.hpp"
#include "base/json/writer.hpp"
#include "oci/store/credential_file.hpp"

#include <algorithm>
#include <vector>

namespace bulla::oci {

namespace {

/// The text of a JSON object, taken apart so that members can be replaced and taken out while the
/// rest keeps its bytes.
struct ObjectText {
    struct Member {
        std::string name;
        std::string_view lead; ///< from the brace or comma to the value: blanks, key, colon
        std::string value;
        std::string_view trail{}; ///< blanks before the comma
    };

    std::string_view before; ///< up to the opening brace
    std::vector<Member> members{};
    std::string tail{}; ///< blanks before the closing brace
    std::string_view after{};

    static Result<ObjectText> parse(std::string_view text, std::string_view what);

    Bytes join() const;
};

Error unusable(std::string_view what, std::string why) {
    return Error{ErrorCode::configuration,
                 std::string(what) + " cannot be changed: " + std::move(why)};
}

Result<ObjectText> ObjectText::parse(std::string_view text, std::string_view what) {
    json::ParseOptions options;
    options.max_bytes = limits::kCredentialBytes;
    options.what = what;
    const auto slices = json::slice_object(text, options);
    if (!slices) {
        return unusable(what, slices.error().message);
    }
    ObjectText out;
    std::size_t at = text.find('{') + 1;
    out.before = text.substr(0, at - 1);
    for (const json::Slice& slice : *slices) {
        if (!out.members.empty()) {
            const std::size_t comma = text.find(',', at);
            out.members.back().trail = text.substr(at, comma - at);
            at = comma + 1;
        }
        const auto start = static_cast<std::size_t>(slice.value.data() - text.data());
        out.members.push_back({slice.name, text.substr(at, start - at), std::string(slice.value)});
        at = start + slice.value.size();
    }
    const std::size_t end = text.find('}', at);
    out.tail = std::string(text.substr(at, end - at));
    out.after = text.substr(end + 1);
    return out;
}

Bytes ObjectText::join() const {
    Bytes out(before);
    out += '{';
    for (const Member& member : members) {
        out += &member == members.data() ? "" : ",";
        out += member.lead;
        out += member.value;
        out += member.trail;
    }
    out += tail;
    out += '}';
    out += after;
    return out;
}

std::string quoted(std::string_view text) {
    json::Writer out;
    out.string(text);
    return out.finish();
}

/// A member's key as Docker's tools indent it: with tabs.
std::string lead_of(std::string_view name, std::size_t depth) {
    return "\n" + std::string(depth, '\t') + quoted(name) + ": ";
}

std::string entry_text(EntryKind kind, std::string_view user_and_password) {
    if (kind == EntryKind::in_helper) {
        return "{}";
    }
    return "{\n\t\t\t\"auth\": " + quoted(text::to_base64(user_and_password)) + "\n\t\t}";
}

/// Gives the member a value. A new one goes last, its key in `storage`, which outlives the object.
void set_member(ObjectText& object,
                std::string_view name,
                std::string value,
                std::size_t depth,
                std::string& storage) {
    const auto found = std::ranges::find(object.members, name, &ObjectText::Member::name);
    if (found != object.members.end()) {
        found->value = std::move(value);
        return;
    }
    storage = lead_of(name, depth);
    if (object.members.empty() && object.tail.empty()) {
        object.tail = "\n" + std::string(depth - 1, '\t');
    }
    object.members.push_back({std::string(name), storage, std::move(value)});
}

/// The members of auths; none if there is no auths, or null, which Go's tools write.
Result<std::optional<ObjectText>> find_auths(const ObjectText& root, std::string_view what) {
    const auto found =
        std::ranges::find(root.members, std::string_view("auths"), &ObjectText::Member::name);
    if (found == root.members.end() || found->value == "null") {
        return std::optional<ObjectText>();
    }
    if (!found->value.starts_with('{')) {
        return unusable(what, "its \"auths\" is not an object");
    }
    BULLA_TRY_ASSIGN(auto auths, ObjectText::parse(found->value, what));
    return std::optional<ObjectText>(std::move(auths));
}

} // namespace

Result<Bytes> set_credential_entry(ByteView json,
                                   std::string_view registry,
                                   EntryKind kind,
                                   std::string_view user_and_password,
                                   std::string_view what) {
    const bool is_new = text::trim(json).empty();
    BULLA_TRY_ASSIGN(ObjectText root, ObjectText::parse(is_new ? ByteView("{}") : json, what));
    BULLA_TRY_ASSIGN(auto found, find_auths(root, what));
    ObjectText auths = found ? std::move(*found) : ObjectText{};
    const std::string server = server_of(registry);
    // Another spelling would win over ours, here or in another tool.
    std::erase_if(auths.members, [&](const ObjectText::Member& member) {
        return member.name != server && names_registry(member.name, registry);
    });
    std::string entry_lead;
    std::string auths_lead;
    set_member(auths, server, entry_text(kind, user_and_password), 2, entry_lead);
    set_member(root, "auths", auths.join(), 1, auths_lead);
    return root.join();
}

Result<WithoutEntry>
remove_credential_entry(ByteView json, std::string_view registry, std::string_view what) {
    WithoutEntry out{.json = Bytes(json)};
    if (text::trim(json).empty()) {
        return out;
    }
    BULLA_TRY_ASSIGN(ObjectText root, ObjectText::parse(json, what));
    BULLA_TRY_ASSIGN(auto auths, find_auths(root, what));
    if (!auths) {
        return out;
    }
    out.found = std::erase_if(auths->members, [&](const ObjectText::Member& member) {
                    return names_registry(member.name, registry);
                }) > 0;
    if (out.found) {
        std::string unused;
        set_member(root, "auths", auths->join(), 1, unused);
        out.json = root.join();
    }
    return out;
}

} // namespace bulla::oci
