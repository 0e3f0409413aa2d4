// SPDX-License-Identifier: Apache-2.0
#include "base/json/json.hpp"

#include "base/core/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace bulla::json {

namespace {

using Tree = nlohmann::ordered_json;

/// Receives the parser's events, enforces the bounds and, given a root, builds the tree. The events
/// never throw; the library's exceptions are switched off for parsing.
class Handler {
  public:
    Handler(const ParseOptions& options, Tree* root) : options_(options), root_(root) {}

    bool null() { return add(nullptr); }

    bool boolean(bool value) { return add(value); }

    bool number_integer(Tree::number_integer_t value) { return add(value); }

    bool number_unsigned(Tree::number_unsigned_t value) { return add(value); }

    bool number_float(Tree::number_float_t value, const std::string&) { return add(value); }

    bool string(std::string& value) { return add(std::move(value)); }

    bool binary(Tree::binary_t&) { return false; }

    bool start_object(std::size_t) { return open(Tree::object()); }

    bool end_object() { return close(); }

    bool start_array(std::size_t) { return open(Tree::array()); }

    bool end_array() { return close(); }

    bool key(std::string& name) {
        if (dropping_) {
            return true;
        }
        if (is_dropped(name)) {
            dropping_ = true;
            return true;
        }
        Level& level = levels_.back();
        const auto [position, fresh] = find_or_add(level, name);
        if (!fresh && options_.duplicates == Duplicates::refuse) {
            error_ = Error{ErrorCode::malformed,
                           std::string(options_.what) + " has the key \"" + text::printable(name) +
                               "\" twice in one object"};
            return false;
        }
        if (root_ != nullptr) {
            // Straight into the underlying vector: the library's own insert looks for the key in
            // linear time.
            auto& object = level.node->get_ref<Tree::object_t&>();
            if (fresh) {
                object.emplace_back(std::move(name), nullptr);
            }
            slot_ = &(object.begin() + static_cast<std::ptrdiff_t>(position))->second;
        }
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
        error_ =
            Error{ErrorCode::malformed,
                  std::string(options_.what) + " is not valid JSON: unexpected input at byte " +
                      std::to_string(position)};
        return false;
    }

    Error take_error() && { return std::move(error_); }

  private:
    /// Objects of up to this many members are searched member by member, which is quicker than
    /// hashing and copies no name.
    static constexpr std::size_t kFewMembers = 16;

    struct Level {
        Tree* node = nullptr;
        /// Name -> position in the object, of an object with more than a few members or without a
        /// tree.
        std::unordered_map<std::string, std::size_t> keys{};
    };

    /// The position of a name in the object that is open, and whether it stands there for the first
    /// time.
    std::pair<std::size_t, bool> find_or_add(Level& level, const std::string& name) const {
        if (root_ != nullptr) {
            const auto& object = level.node->get_ref<const Tree::object_t&>();
            if (object.size() < kFewMembers) {
                const auto known =
                    std::find_if(object.begin(), object.end(), [&](const auto& member) {
                        return member.first == name;
                    });
                return {static_cast<std::size_t>(known - object.begin()), known == object.end()};
            }
            if (level.keys.empty()) {
                for (const auto& member : object) {
                    level.keys.emplace(member.first, level.keys.size());
                }
            }
        }
        const auto [known, fresh] = level.keys.try_emplace(name, level.keys.size());
        return {known->second, fresh};
    }

    bool count() {
        if (++values_ > options_.max_values) {
            error_ = Error{ErrorCode::limit_exceeded,
                           std::string(options_.what) + " has more than " +
                               std::to_string(options_.max_values) + " values"};
            return false;
        }
        return true;
    }

    /// Puts a value where the parser stands and returns its place, or null when only validating.
    template <class T> Tree* place(T&& value) {
        if (root_ == nullptr) {
            return nullptr;
        }
        if (levels_.empty()) {
            *root_ = std::forward<T>(value);
            return root_;
        }
        Level& level = levels_.back();
        if (level.node->is_array()) {
            level.node->push_back(std::forward<T>(value));
            return &level.node->back();
        }
        *slot_ = std::forward<T>(value);
        return slot_;
    }

    template <class T> bool add(T&& value) {
        if (!count()) {
            return false;
        }
        if (dropping_) {
            dropping_ = dropped_levels_ > 0;
            return true;
        }
        place(std::forward<T>(value));
        return true;
    }

    bool is_dropped(std::string_view name) const {
        return levels_.size() == 1 && !options_.members.empty() &&
               options_.duplicates == Duplicates::last &&
               std::find(options_.members.begin(), options_.members.end(), name) ==
                   options_.members.end();
    }

    bool open(Tree&& container) {
        if (!count()) {
            return false;
        }
        if (levels_.size() + dropped_levels_ >= options_.max_depth) {
            error_ = Error{ErrorCode::limit_exceeded,
                           std::string(options_.what) + " is nested deeper than " +
                               std::to_string(options_.max_depth) + " levels"};
            return false;
        }
        if (dropping_) {
            ++dropped_levels_;
            return true;
        }
        Tree* const node = place(std::move(container));
        levels_.push_back({node});
        return true;
    }

    bool close() {
        if (dropping_) {
            dropping_ = --dropped_levels_ > 0;
            return true;
        }
        levels_.pop_back();
        return true;
    }

    const ParseOptions& options_;
    Tree* root_;
    std::vector<Level> levels_;
    Tree* slot_ = nullptr;
    std::size_t values_ = 0;
    bool dropping_ = false;          ///< the value of a member that is not kept
    std::size_t dropped_levels_ = 0; ///< containers open inside of it
    Error error_{ErrorCode::malformed, "not valid JSON"};
};

Status run(ByteView text, const ParseOptions& options, Tree* root) {
    if (text.size() > options.max_bytes) {
        return Error{ErrorCode::limit_exceeded,
                     std::string(options.what) + " is larger than the limit of " +
                         std::to_string(options.max_bytes) + " bytes"};
    }
    Handler handler(options, root);
    try {
        if (Tree::sax_parse(text.begin(), text.end(), &handler)) {
            return ok();
        }
    } catch (const nlohmann::json::exception& exception) {
        return Error{ErrorCode::malformed,
                     std::string(options.what) + " is not valid JSON: " + exception.what()};
    }
    return std::move(handler).take_error();
}

} // namespace

Document::Document(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}

Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(ByteView text, const ParseOptions& options) {
    auto tree = std::make_unique<Tree>();
    BULLA_TRY(run(text, options, tree.get()));
    return Document(std::move(tree));
}

Value Document::root() const {
    return Value(tree_.get());
}

Status validate(ByteView text, const ParseOptions& options) {
    return run(text, options, nullptr);
}

bool Value::is_object() const {
    return node_ != nullptr && node_->is_object();
}

bool Value::is_array() const {
    return node_ != nullptr && node_->is_array();
}

bool Value::is_string() const {
    return node_ != nullptr && node_->is_string();
}

bool Value::is_number() const {
    return node_ != nullptr && node_->is_number();
}

bool Value::is_bool() const {
    return node_ != nullptr && node_->is_boolean();
}

bool Value::is_null() const {
    return node_ != nullptr && node_->is_null();
}

Value Value::operator[](std::string_view key) const {
    if (!is_object()) {
        return Value();
    }
    for (const auto& member : node_->get_ref<const Tree::object_t&>()) {
        if (member.first == key) {
            return Value(&member.second);
        }
    }
    return Value();
}

Value Value::operator[](std::size_t index) const {
    if (!is_array() || index >= node_->size()) {
        return Value();
    }
    return Value(&node_->get_ref<const Tree::array_t&>()[index]);
}

std::size_t Value::size() const {
    return is_object() || is_array() ? node_->size() : 0;
}

std::vector<Value> Value::elements() const {
    std::vector<Value> out;
    if (is_array()) {
        out.reserve(node_->size());
        for (const auto& element : *node_) {
            out.push_back(Value(&element));
        }
    }
    return out;
}

std::vector<std::pair<std::string_view, Value>> Value::members() const {
    std::vector<std::pair<std::string_view, Value>> out;
    if (is_object()) {
        out.reserve(node_->size());
        for (const auto& member : node_->get_ref<const Tree::object_t&>()) {
            out.emplace_back(member.first, Value(&member.second));
        }
    }
    return out;
}

std::optional<std::string_view> Value::string() const {
    if (!is_string()) {
        return std::nullopt;
    }
    return std::string_view(node_->get_ref<const std::string&>());
}

std::optional<std::int64_t> Value::integer() const {
    if (node_ == nullptr || !node_->is_number_integer()) {
        return std::nullopt;
    }
    if (node_->is_number_unsigned() &&
        node_->get<std::uint64_t>() >
            static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return std::nullopt;
    }
    return node_->get<std::int64_t>();
}

std::optional<double> Value::number() const {
    if (!is_number()) {
        return std::nullopt;
    }
    return node_->get<double>();
}

std::optional<bool> Value::boolean() const {
    if (!is_bool()) {
        return std::nullopt;
    }
    return node_->get<bool>();
}

std::string Value::string_or(std::string_view fallback) const {
    return std::string(string().value_or(fallback));
}

std::string Value::dump() const {
    return node_ == nullptr ? "null" : node_->dump();
}

} // namespace bulla::json
