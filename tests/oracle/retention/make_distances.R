# Makes the expected mvad_sequences.csv and mvad_distances.csv of this folder with R's TraMineR (2.2-12; only its printed
# results are here). Usage: Rscript make_distances.R (in this folder). Every number has 17 significant digits.
options(stringsAsFactors = FALSE)
suppressMessages(library(TraMineR))
write <- function(rows, file) {
  for (column in names(rows)) if (is.double(rows[[column]]))
    rows[[column]] <- formatC(rows[[column]], digits = 17, format = "g", width = 1)
  write.csv(rows, file, row.names = FALSE, quote = FALSE)
}

people <- read.csv("../../../examples/data/school-to-work/source/mvad_monthly.csv")
S <- do.call(rbind, strsplit(people$states, ""))
all <- suppressMessages(seqdef(S, alphabet = c("S", "F", "E", "T", "J", "H")))
write(data.frame(id = people$id, transitions = as.integer(seqtransn(all)), entropy = as.numeric(seqient(all)),
                 turbulence = as.numeric(seqST(all)), complexity = as.numeric(seqici(all)),
                 months_E = as.integer(seqistatd(all)[, "E"]), spells = as.integer(rowSums(S[, -1] != S[, -72]) + 1)),
      "mvad_sequences.csv")
few <- all[1:25, ]
costs <- matrix(2, 6, 6)
diag(costs) <- 0
om <- seqdist(few, method = "OM", indel = 1, sm = costs)
hamming <- seqdist(few, method = "HAM")
lcs <- seqdist(few, method = "LCS")
lcp <- seqdist(few, method = "LCP")
pair <- which(upper.tri(om), arr.ind = TRUE)
write(data.frame(i = pair[, 1], j = pair[, 2], om = om[pair], hamming = hamming[pair], lcs = lcs[pair],
                 lcp = lcp[pair]), "mvad_distances.csv")
