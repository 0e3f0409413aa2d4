// SPDX-License-Identifier: Apache-2.0
// Random small stacks of layers, merged by us and by the plainest model that can be written down: a
// map from paths to what is there, changed entry by entry.
#include "oci/rootfs/merged_rootfs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/facts.hpp"

#include <map>
#include <random>
#include <set>

using namespace bulla;
using test::Layer;

namespace {

struct Thing {
    char kind = 'd'; // d, f or l
    std::string text;
    int layer = 0;
};

/// The specification read literally; slow, recursive where that is plain, and without a tree.
class Model {
  public:
    std::map<std::string, Thing> things;
    int layer = -1;

    static std::pair<std::string, std::string> split(const std::string& path) {
        const auto slash = path.rfind('/');
        return slash == std::string::npos
                   ? std::pair(std::string(), path)
                   : std::pair(path.substr(0, slash), path.substr(slash + 1));
    }

    static std::string join(const std::string& a, const std::string& b) {
        return a.empty() ? b : a + "/" + b;
    }

    bool below(const std::string& path, const std::string& folder) const {
        return folder.empty() ? !path.empty() : path.starts_with(folder + "/");
    }

    void erase_below(const std::string& folder) {
        std::erase_if(things, [&](const auto& item) { return below(item.first, folder); });
    }

    /// Where a folder's path leads; nothing if into a loop or through a file behind a link.
    std::optional<std::string> real(const std::string& path, bool make, int& hops) {
        std::string at;
        std::vector<std::string> parts;
        std::string rest = path;
        while (!rest.empty()) {
            const auto slash = rest.find('/');
            parts.push_back(rest.substr(0, slash));
            rest = slash == std::string::npos ? "" : rest.substr(slash + 1);
        }
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto& part = parts[i];
            if (part.empty() || part == ".") {
                continue;
            }
            if (part == "..") {
                at = split(at).first;
                continue;
            }
            const auto next = join(at, part);
            const auto found = things.find(next);
            if (found == things.end()) {
                if (!make) {
                    return std::nullopt;
                }
                things[next] = {'d', "", layer};
                at = next;
                continue;
            }
            if (found->second.kind == 'l') {
                if (++hops > 40) {
                    return std::nullopt;
                }
                std::string target = found->second.text;
                for (std::size_t k = i + 1; k < parts.size(); ++k) {
                    target += "/" + parts[k];
                }
                const auto base = target.starts_with('/') ? std::string() : at;
                return real(join(base, target), make, hops);
            }
            if (found->second.kind == 'f') {
                if (!make || hops > 0) {
                    return std::nullopt;
                }
                found->second = {'d', "", layer};
            }
            at = next;
        }
        return at;
    }

    std::optional<std::string> place(const std::string& path, bool make) {
        int hops = 0;
        const auto [folder, name] = split(path);
        const auto parent = real(folder, make, hops);
        return parent ? std::optional(join(*parent, name)) : std::nullopt;
    }

    void put(const std::string& path, Thing thing) {
        const auto at = place(path, true);
        if (!at) {
            return;
        }
        const auto found = things.find(*at);
        if (found != things.end() && thing.kind == 'd' && found->second.kind == 'd') {
            found->second.layer = layer;
            return;
        }
        erase_below(*at);
        things[*at] = std::move(thing);
    }

    void hard_link(const std::string& path, const std::string& target) {
        const auto at = place(path, true);
        const auto from = place(target, false);
        if (!at) {
            return;
        }
        Thing copy{'f', "(none)", layer};
        if (from && things.contains(*from) && things[*from].kind != 'd') {
            copy = things[*from];
            copy.layer = layer;
        }
        erase_below(*at);
        things[*at] = copy;
    }

    /// Drops what lower layers brought below the folder, then folders of theirs left empty.
    void sweep(const std::string& folder) {
        std::erase_if(things, [&](const auto& item) {
            return below(item.first, folder) && item.second.kind != 'd' &&
                   item.second.layer != layer;
        });
        std::vector<std::string> folders;
        for (const auto& [path, thing] : things) {
            if (below(path, folder) && thing.kind == 'd' && thing.layer != layer) {
                folders.push_back(path);
            }
        }
        for (auto it = folders.rbegin(); it != folders.rend(); ++it) {
            drop_if_empty(*it);
        }
    }

    void drop_if_empty(const std::string& folder) {
        const bool used = std::ranges::any_of(
            things, [&](const auto& item) { return below(item.first, folder); });
        if (used) {
            things[folder].layer = layer;
        } else {
            things.erase(folder);
        }
    }

    void opaque(const std::string& path) {
        const auto at = place(path, false);
        if (at && things.contains(*at) && things[*at].kind == 'd') {
            sweep(*at);
        }
    }

    void whiteout(const std::string& path) {
        const auto at = place(path, false);
        if (!at || !things.contains(*at)) {
            return;
        }
        if (things[*at].kind == 'd') {
            sweep(*at);
            if (things[*at].layer != layer) {
                drop_if_empty(*at);
            }
        } else if (things[*at].layer != layer) {
            things.erase(*at);
        }
    }
};

std::map<std::string, std::string> files_of(const Model& model) {
    std::map<std::string, std::string> files;
    for (const auto& [path, thing] : model.things) {
        if (thing.kind == 'f') {
            files[path] = thing.text;
        }
    }
    return files;
}

} // namespace

TEST_CASE("rootfs: random stacks of layers merge as in the plainest model", "[oci][rootfs]") {
    std::mt19937 random(11); // NOLINT(cert-msc51-cpp): the same stacks in every run
    const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    const std::vector<std::string> names{"a", "b", "c"};
    const auto path = [&] {
        std::string text = names[pick(3)];
        for (auto depth = pick(3); depth > 0; --depth) {
            text += "/" + names[pick(3)];
        }
        return text;
    };
    const std::vector<std::string> dots{"", "/", "../", "./", "../../"};
    for (int round = 0; round < 3000; ++round) {
        Model model;
        std::vector<walk::LayerFacts> facts;
        std::vector<std::string> layer_names;
        std::string story;
        int serial = 0;
        for (auto layers = 1 + pick(4); layers > 0; --layers) {
            ++model.layer;
            Layer layer;
            for (auto entries = 1 + pick(8); entries > 0; --entries) {
                const auto p = path();
                const auto what = pick(10);
                if (what < 4) {
                    const auto text = std::to_string(++serial);
                    layer.file(p, text);
                    model.put(p, {'f', text, model.layer});
                    story += " file " + p;
                } else if (what == 4) {
                    layer.directory(p);
                    model.put(p, {'d', "", model.layer});
                    story += " dir " + p;
                } else if (what < 7) {
                    const auto target = dots[pick(dots.size())] + path();
                    layer.symlink(p, target);
                    model.put(p, {'l', target, model.layer});
                    story += " link " + p + "->" + target;
                } else if (what == 7) {
                    const auto target = path();
                    layer.hard_link(p, target);
                    model.hard_link(p, target);
                    story += " hard " + p + "->" + target;
                } else if (what == 8) {
                    layer.whiteout(p);
                    model.whiteout(p);
                    story += " white " + p;
                } else {
                    layer.opaque(p);
                    model.opaque(p);
                    story += " opaque " + p;
                }
            }
            story += " |";
            facts.push_back(layer.facts());
            layer_names.push_back(std::to_string(model.layer));
        }
        const auto rootfs =
            test::value_of(oci::MergedRootfs::merge(std::move(facts), std::move(layer_names)));
        std::map<std::string, std::string> files;
        for (const auto& [p, thing] : model.things) {
            const auto entry = thing.kind == 'f' ? rootfs.find(p) : std::nullopt;
            if (entry && entry->path == p) {
                const auto content = rootfs.read(*entry);
                files[p] = content ? Bytes(content->bytes()) : Bytes("(none)");
            }
        }
        CAPTURE(round, story);
        REQUIRE(files == files_of(model));
        REQUIRE(rootfs.size() == model.things.size());
    }
}
