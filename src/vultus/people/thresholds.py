"""Every constant of the grouping, with its unit and its reason.

A span is the similarity between an impostor rate of 1e-2 and one of 1e-5 of the model at hand (0.26 for MobileFaceNet),
so that one setting serves every model with a measured curve.
"""

# Neighbours
NEIGHBOURS = 64  # nearest faces looked at for each face; a person with more photos still hangs together
EXACT_IN_NUMPY = 5_000  # faces; from there on a search by sketches is faster than a product and a partial sort
EXACT_TO = 200_000  # faces; beyond, only cells near a face are searched
FACES_IN_CELL = 1_000  # on average, and more only past a million faces
CELLS_SEARCHED = 64  # cells near a face
CELL_ROUNDS = 6  # of k-means; more find no more neighbours
SKETCH_REMAINDER = 0.01  # share of a face's squared length that its sketch may leave out, on average

# Evidence
FLOOR = -0.2  # spans from the rate 1e-2; a neighbour less similar than that says nothing
NEARNESS = 1.2  # power of what a neighbour's similarity has above the floor; more, and only the nearest are heard
CONTEXT = 0.77  # spans between two faces that share all neighbours and two that share none
SHARED = 0.5  # share of the neighbours that speaks neither for nor against one person
# In a crowd, a library larger than the curve can tell of, every face has dozens of chance likenesses. One with whom it
# shares less than the first is no company of it, one with whom it shares more than the second is; and of the company
# that is left more has to be shared.
STRANGER, COMPANION = 0.1, 0.3  # shares of the neighbours
SHARED_IN_CROWD = 0.6  # share of the company
CHANCE_NEIGHBOURS = 0.05  # lookalikes by chance that a face may have in the whole library
SAME_PHOTO = 0.4  # spans taken from two faces of one photo: a tenth of the impostors pass, mirrors and collages do
SAME_PHOTO_LEAST = 1.0  # spans from the rate 1e-2 that two faces, or clusters, of one photo have to be alike, at least
# Spans from the rate 1e-2 below which two faces of one photo are two people, whatever leads from one to the other: one
# pair of strangers in a thousand is more alike.
UNLIKE = 0.4
SMALLEST_LIBRARY = 50  # faces; a photo or two say nothing of how many lookalikes there are
POOR_FACE = 0.1  # spans taken from an edge to a face of quality 0: fewer false merges on degraded portraits

# Faces that resemble everyone
IMPOSTOR_DEVIATION = 0.55  # spans; deviation of the similarity of two people, alike on every set measured
COMMON_MARGIN = 0.12  # spans above the usual mean similarity to other people that are borne
TENTH_MARGIN = 0.25  # spans above the usual similarity to the tenth of the people most like a face that are borne
COMMON_PEOPLE = 30  # groups below which it cannot be told whether faces are poor or of one person

# Partition
BETWEEN_MODULES = 300.0  # weight of the edges between people in an album of some thousand faces: a step costs as there
PARTITION_STARTS = 4  # greedy descents, of which the shortest code is taken
PARTITION_NODES = 800_000  # nodes of all descents together, at most: in a large library more of them change little
PARTITION_ROUNDS = 30  # sweeps over the nodes, at most

# Merging
CHANCE_CLUSTERS = 0.03  # others of at least half its size that a cluster may resemble by chance
# The rarest single pairs of impostors are poor faces, which a mean evens out: it is not asked to be rarer than this.
RAREST_MEAN = 2e-4  # rate
MEAN_FACES = 5  # faces of the smaller cluster from which that holds
MERGE_SIZE = 0.1  # spans more for each e-fold of the smaller cluster: had they been one, some faces would have linked
# Spans more between clusters of the surest edges, which merge first in a large library: there are no strangers in them
# yet, so faces of one person are more alike, and what is joined then is not taken apart any more.
MERGE_FIRST = 0.08
# Variance of the similarity of two people: of the people, of each face, of the pair of faces. Measured alike on
# portraits, ordinary photos and video frames; only their proportions are used.
SPREAD_BETWEEN_PEOPLE = 0.0115
SPREAD_OF_FACE = 0.0042
SPREAD_OF_PAIR = 0.0015

# Confidence: log odds of a right assignment, a logistic regression on 33,000 faces of 33 albums
CONFIDENCE_BIAS = -0.42
CONFIDENCE_OWN = 4.5  # for each span of mean similarity to the faces of the own cluster
CONFIDENCE_OTHER = 2.5  # against, for each span of mean similarity to the next best cluster

# The usual run
NEW_SHARE = 0.3  # share of new faces from which a run looks at all: comparing them costs as much
# Clusters, and lone faces, that are looked at for a new face because no others are more like it. With fewer strangers
# around, chance likenesses weigh more: with 3 of them, a quarter more faces join a wrong person in a large library.
LOOKALIKES = 32
# Beyond those, only who may share enough neighbours with it: in a large library many come near by chance. Of a thousand
# faces with an edge to a cluster, one has to share more with the face of it that is most like it.
MOST_SHARED = 0.6  # share of the neighbours
MEMBERS_NEAR = 16  # faces of a cluster that are looked at because they are like new ones
MEMBERS_SPREAD = 16  # faces of it that are looked at beside those, so that it is judged as a whole
MEMBERS_OF_LOOKALIKE = 8  # instead of either, where no new face may share enough neighbours with a cluster
HOLD = 1.5  # times as small a library as there is, whose threshold has to part a cluster that stands
GROWTH = 4  # times as large a library as there is, in which a placed face has to stay where it is put

# Suggestions: log odds that two clusters are one person, a logistic regression on 64,000 pairs of clusters that the
# engine left apart in 33 albums, at its own strictness and at two higher ones
SUGGESTION_BIAS = -0.2
SUGGESTION_LIKENESS = 6.7  # for each span of mean similarity above what other clusters of the size reach by chance
SUGGESTION_FEW_FACES = 3  # faces from which a mean similarity can be relied on
SUGGESTION_FEW = 1.1  # against, where the smaller cluster has fewer
SUGGESTION_SIZE = 1.8  # against, for each e-fold of the smaller cluster beyond; some of their faces would have linked
# Against, for the first photo that shows both and each doubling: a person is twice in one photo in fifty (mirrors,
# collages), people who look alike share one in five; an estimate, since the labelled sets have no such pairs.
SUGGESTION_TOGETHER = 2.2
SUGGESTION_LEAST = 0.05  # probability below which a pair is not worth asking about

# Likeness of two faces: log odds that they are one person's, where one pair in ten is. Logistic regressions on all
# pairs of LFW (portraits) and of CelebA (ordinary photos) give slopes of 5.4 and 4.3, and a half at .46 and .34 spans,
# alike for both models: this lies between.
LIKENESS_RATE = 1e-3  # share of pairs of strangers that come to a half; at .39 and .40 spans
LIKENESS_SLOPE = 5.0  # for each span of similarity above that
