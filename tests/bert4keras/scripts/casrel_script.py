#! -*- coding:utf-8 -*-
# A CasRel script as users have written it: it calls bert4keras as its examples do.

import json

import numpy as np
from bert4keras.backend import keras, K, batch_gather
from bert4keras.layers import LayerNormalization, Loss
from bert4keras.models import build_transformer_model
from bert4keras.optimizers import Adam, extend_with_exponential_moving_average
from bert4keras.snippets import DataGenerator, sequence_padding
from bert4keras.snippets import open, to_array
from bert4keras.tokenizers import Tokenizer
from keras.layers import Dense, Input, Lambda, Reshape
from keras.models import Model

maxlen = 128
batch_size = 8
epochs = 30
lines = 64
config_path = 'DATA/bert_config.json'
checkpoint_path = None
dict_path = 'DATA/vocab.txt'

train_data = []
with open('DATA/train_data.json', encoding='utf-8') as f:
    for l in f:
        l = json.loads(l)
        spoes = [(s['subject'], s['predicate'], s['object']) for s in l['spo_list']]
        train_data.append({'text': l['text'], 'spo_list': spoes})
train_data = train_data[:lines]

predicate2id, id2predicate = {}, {}
with open('DATA/all_50_schemas') as f:
    for l in f:
        l = json.loads(l)
        if l['predicate'] not in predicate2id:
            id2predicate[len(predicate2id)] = l['predicate']
            predicate2id[l['predicate']] = len(predicate2id)

tokenizer = Tokenizer(dict_path, do_lower_case=True)


def search(pattern, sequence):
    n = len(pattern)
    for i in range(len(sequence)):
        if sequence[i:i + n] == pattern:
            return i
    return -1


class data_generator(DataGenerator):
    def __iter__(self, random=False):
        batches = [[] for _ in range(5)]
        for is_end, d in self.sample(random):
            token_ids, segment_ids = tokenizer.encode(d['text'], maxlen=maxlen)
            spoes = {}
            for s, p, o in d['spo_list']:
                s = tokenizer.encode(s)[0][1:-1]
                o = tokenizer.encode(o)[0][1:-1]
                s_idx, o_idx = search(s, token_ids), search(o, token_ids)
                if s_idx != -1 and o_idx != -1:
                    s = (s_idx, s_idx + len(s) - 1)
                    o = (o_idx, o_idx + len(o) - 1, predicate2id[p])
                    spoes.setdefault(s, []).append(o)
            if spoes:
                subject_labels = np.zeros((len(token_ids), 2))
                for s in spoes:
                    subject_labels[s[0], 0] = 1
                    subject_labels[s[1], 1] = 1
                start, end = np.array(list(spoes.keys())).T
                start = np.random.choice(start)
                end = np.random.choice(end[end >= start])
                subject_ids = (start, end)
                object_labels = np.zeros((len(token_ids), len(predicate2id), 2))
                for o in spoes.get(subject_ids, []):
                    object_labels[o[0], o[2], 0] = 1
                    object_labels[o[1], o[2], 1] = 1
                row = (token_ids, segment_ids, subject_labels, subject_ids, object_labels)
                for batch, part in zip(batches, row):
                    batch.append(part)
            if len(batches[0]) == self.batch_size or is_end:
                yield [
                    sequence_padding(batches[0]),
                    sequence_padding(batches[1]),
                    sequence_padding(batches[2]),
                    np.array(batches[3]),
                    sequence_padding(batches[4]),
                ], None
                batches = [[] for _ in range(5)]


def extract_subject(inputs):
    output, subject_ids = inputs
    start = batch_gather(output, subject_ids[:, :1])
    end = batch_gather(output, subject_ids[:, 1:])
    subject = K.concatenate([start, end], 2)
    return subject[:, 0]


subject_labels = Input(shape=(None, 2), name='Subject-Labels')
subject_ids = Input(shape=(2,), name='Subject-Ids')
object_labels = Input(shape=(None, len(predicate2id), 2), name='Object-Labels')

bert = build_transformer_model(
    config_path=config_path,
    checkpoint_path=checkpoint_path,
    return_keras_model=False,
)

output = Dense(
    units=2, activation='sigmoid', kernel_initializer=bert.initializer
)(bert.model.output)
subject_preds = Lambda(lambda x: x**2)(output)
subject_model = Model(bert.model.inputs, subject_preds)

output = bert.model.layers[-2].get_output_at(-1)
subject = Lambda(extract_subject)([output, subject_ids])
output = LayerNormalization(conditional=True)([output, subject])
output = Dense(
    units=len(predicate2id) * 2,
    activation='sigmoid',
    kernel_initializer=bert.initializer
)(output)
output = Lambda(lambda x: x**4)(output)
output = Reshape((-1, len(predicate2id), 2))(output)
object_preds = output
object_model = Model(bert.model.inputs + [subject_ids], object_preds)


class TotalLoss(Loss):
    def compute_loss(self, inputs, mask=None):
        subject_labels, object_labels = inputs[:2]
        subject_preds, object_preds, _ = inputs[2:]
        if mask[4] is None:
            mask = 1.0
        else:
            mask = K.cast(mask[4], K.floatx())
        subject_loss = K.binary_crossentropy(subject_labels, subject_preds)
        subject_loss = K.mean(subject_loss, 2)
        subject_loss = K.sum(subject_loss * mask) / K.sum(mask)
        object_loss = K.binary_crossentropy(object_labels, object_preds)
        object_loss = K.sum(K.mean(object_loss, 3), 2)
        object_loss = K.sum(object_loss * mask) / K.sum(mask)
        return subject_loss + object_loss


subject_preds, object_preds = TotalLoss([2, 3])([
    subject_labels, object_labels, subject_preds, object_preds,
    bert.model.output
])

train_model = Model(
    bert.model.inputs + [subject_labels, subject_ids, object_labels],
    [subject_preds, object_preds]
)

AdamEMA = extend_with_exponential_moving_average(Adam, name='AdamEMA')
optimizer = AdamEMA(learning_rate=3e-3, ema_momentum=0.9)
train_model.compile(optimizer=optimizer)


def extract_spoes(text):
    tokens = tokenizer.tokenize(text, maxlen=maxlen)
    mapping = tokenizer.rematch(text, tokens)
    token_ids, segment_ids = tokenizer.encode(text, maxlen=maxlen)
    token_ids, segment_ids = to_array([token_ids], [segment_ids])
    subject_preds = subject_model.predict([token_ids, segment_ids])
    subject_preds[:, [0, -1]] *= 0
    start = np.where(subject_preds[0, :, 0] > 0.6)[0]
    end = np.where(subject_preds[0, :, 1] > 0.5)[0]
    subjects = []
    for i in start:
        j = end[end >= i]
        if len(j) > 0:
            subjects.append((i, j[0]))
    if not subjects:
        return []
    spoes = []
    token_ids = np.repeat(token_ids, len(subjects), 0)
    segment_ids = np.repeat(segment_ids, len(subjects), 0)
    subjects = np.array(subjects)
    object_preds = object_model.predict([token_ids, segment_ids, subjects])
    object_preds[:, [0, -1]] *= 0
    for subject, object_pred in zip(subjects, object_preds):
        start = np.where(object_pred[:, :, 0] > 0.6)
        end = np.where(object_pred[:, :, 1] > 0.5)
        for _start, predicate1 in zip(*start):
            for _end, predicate2 in zip(*end):
                if _start <= _end and predicate1 == predicate2:
                    spoes.append((subject, predicate1, (_start, _end)))
                    break
    return [(
        text[mapping[s[0]][0]:mapping[s[1]][-1] + 1], id2predicate[p],
        text[mapping[o[0]][0]:mapping[o[1]][-1] + 1]
    ) for s, p, o in spoes]


def evaluate(data):
    X, Y, Z = 1e-10, 1e-10, 1e-10
    for d in data:
        R = set(extract_spoes(d['text']))
        T = set(d['spo_list'])
        X += len(R & T)
        Y += len(R)
        Z += len(T)
    return 2 * X / (Y + Z)


class Evaluator(keras.callbacks.Callback):
    def __init__(self):
        self.best_val_f1 = 0.

    def on_epoch_end(self, epoch, logs=None):
        if epoch % 15 == 14:
            optimizer.apply_ema_weights()
            f1 = evaluate(train_data)
            if f1 >= self.best_val_f1:
                self.best_val_f1 = f1
                train_model.save_weights('best_model.weights')
            optimizer.reset_old_weights()
            print('f1: %.5f, best f1: %.5f\n' % (f1, self.best_val_f1))


if __name__ == '__main__':

    train_generator = data_generator(train_data, batch_size)
    evaluator = Evaluator()

    train_model.fit(
        train_generator.forfit(),
        steps_per_epoch=len(train_generator),
        epochs=epochs,
        callbacks=[evaluator]
    )
    train_model.load_weights('best_model.weights')
    print('loaded f1: %.5f' % evaluate(train_data))

else:

    train_model.load_weights('best_model.weights')
